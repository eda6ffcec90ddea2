import { registry } from "@web/core/registry";

// Who coordinates chooses an escort whose training is over, reads why not and what to
// do, does it, and chooses again.
registry.category("web_tour.tours").add("culture_training", {
    steps: () => [
        {
            content: "The outing, without escort",
            trigger: ".o_form_view [name=escort_ids] input",
            run: "edit Tour relay",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Tour relay)",
            run: "click",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Refused: the reason, and the way out",
            trigger:
                ".o_error_dialog, .modal:contains(training valid until):contains(plan a training)",
        },
        {
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            content: "Leave it",
            trigger: "body:not(:has(.modal)) .o_form_button_cancel",
            run: "click",
        },
        {
            content: "Nobody fits",
            trigger: "button[name=action_propose_relay]",
            run: "click",
        },
        {
            trigger: ".modal:contains(No relay can escort this outing)",
        },
        {
            trigger: ".modal footer button[special=cancel]",
            run: "click",
        },
        {
            content: "To the trainings",
            trigger: "body:not(:has(.modal)) .o_main_navbar [data-menu-xmlid='culture_partnership.menu_trainings']",
            run: "click",
        },
        {
            content: "The way out: note a training",
            trigger: ".o_list_view .o_control_panel button:contains(Note a training)",
            run: "click",
        },
        {
            trigger: ".modal [name=subject_id] input",
            run: "edit Accompagner",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Accompagner une sortie)",
            run: "click",
        },
        {
            trigger: ".modal [name=relay_ids] input",
            run: "edit Tour relay",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Tour relay)",
            run: "click",
        },
        {
            trigger: ".modal [name=relay_ids] .o_tag:contains(Tour relay)",
        },
        {
            trigger: ".modal footer button[name=action_note]",
            run: "click",
        },
        {
            content: "It is noted",
            trigger: "body:not(:has(.modal)) .o_list_view tr.o_data_row:nth-child(2):contains(Tour relay)",
        },
        {
            content: "Back to the outing",
            trigger: ".o_main_navbar [data-menu-xmlid='culture_partnership.menu_outings']",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains(Tour outing)",
            run: "click",
        },
        {
            trigger: "button[name=action_propose_relay]",
            run: "click",
        },
        {
            content: "Now the relay is proposed",
            trigger: ".modal tr.o_data_row:contains(Tour relay) button[name=action_choose]",
            run: "click",
        },
        {
            content: "And escorts",
            trigger: "body:not(:has(.modal)) [name=escort_ids] .o_tag:contains(Tour relay)",
        },
    ],
});
