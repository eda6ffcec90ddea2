import { registry } from "@web/core/registry";

const LINE = "body:not(:has(.modal)) [name=culture_standing_role_ids] .o_data_row";

// What an administrator does for a new partner: the structure, a role for an agent,
// an invitation for somebody outside, and a look at what the agent now sees.
registry.category("web_tour.tours").add("culture_administrator_roles", {
    steps: () => [
        {
            content: "A new structure",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Its name",
            trigger: ".o_field_widget[name=name] :is(input, textarea)",
            run: "edit Tour association",
        },
        {
            content: "Save it",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Its roles",
            trigger: ".o_form_saved .nav-link[name=culture_roles]",
            run: "click",
        },
        {
            content: "A role for an agent",
            trigger: ".tab-pane.active button:contains(Add a role)",
            run: "click",
        },
        {
            content: "Whose",
            trigger: ".modal .o_field_widget[name=user_id] input",
            run: "edit Tour agent",
        },
        {
            content: "This one",
            trigger: ".o-autocomplete--dropdown-item:contains(Tour agent)",
            run: "click",
        },
        {
            content: "Which role",
            trigger: ".modal .o_radio_item:contains(Cultural relay) input",
            run: "click",
        },
        {
            content: "Its words, drawn from the table of rights",
            trigger: ".modal [name=rights_html] li:contains(Outing)",
        },
        {
            content: "Save",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "The line is there",
            trigger: `${LINE}:contains(Tour agent):contains(In force)`,
        },
        {
            content: "Invite somebody outside",
            trigger: ".tab-pane.active button:contains(Invite)",
            run: "click",
        },
        {
            content: "The address",
            trigger: ".modal .o_field_widget[name=email] input",
            run: "edit rosa.tour@example.org",
        },
        {
            content: "The name",
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit Rosa Tour",
        },
        {
            content: "The role",
            trigger: ".modal .o_radio_item:contains(Partner manager) input",
            run: "click",
        },
        {
            content: "What will happen is said first",
            trigger:
                ".modal .o_culture_note:contains(rosa.tour@example.org will receive)",
        },
        {
            content: "Invite",
            trigger: ".modal footer button[name=action_invite]",
            run: "click",
        },
        {
            content: "Both lines are there",
            trigger: `${LINE}:contains(Rosa Tour)`,
        },
        {
            content: "What the agent sees",
            trigger: `${LINE}:contains(Tour agent) button[name=action_preview]`,
            run: "click",
        },
        {
            content: "A screen, in figures and words",
            trigger:
                ".modal:contains(Computed with the rights) .o_data_row" +
                ":contains(Outings):contains(their own)",
        },
        {
            content: "Close",
            trigger: ".modal footer button:contains(Close)",
            run: "click",
        },
        {
            content: "Nothing else is open",
            trigger: "body:not(:has(.modal))",
        },
    ],
});
