import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// From the banner to an absence that is understood, and on to the next outing.
tours.add("culture_referent_understands_an_absence", {
    steps: () => [
        {
            content: "The banner says what waits",
            trigger: ".o_culture_todo_item[data-key=absences]:contains(1 absence to understand)",
            run: "click",
        },
        {
            content: "Talk it over",
            trigger: "tr.o_data_row:contains(Ada) button[name=action_talk]",
            run: "click",
        },
        {
            content: "What it is for is said first",
            trigger: ".modal .o_culture_note:contains(Nothing is passed on outside the CCAS)",
        },
        {
            content: "What got in the way",
            trigger: ".modal [name=reason_id] input",
            run: "edit Trajet",
        },
        {
            content: "From the list",
            trigger: ".modal .o-autocomplete--dropdown-item:contains(Trajet) a",
            run: "click",
        },
        {
            content: "A lever is proposed, and the next outing is looked for",
            trigger: ".modal:has([name=lever_id] input) button[name=action_find_outing]",
            run: "click",
        },
        {
            content: "The next outing",
            trigger: ".modal tr.o_data_row:contains(Tour outing to come) td[name=selected]",
            run: "click",
        },
        {
            content: "Confirm",
            trigger: ".modal footer button[name=action_confirm]",
            run: "click",
        },
        {
            content: "Nothing is left to understand",
            trigger: "body:not(:has(.modal)) .o_list_view:not(:has(button[name=action_talk]))",
        },
    ],
});

// A venue cancels: what will happen is read before; whom nobody told is seen after.
tours.add("culture_coordinator_cancels_for_the_venue", {
    steps: () => [
        {
            content: "The outing",
            trigger: ".o_kanban_record:contains(Tour outing to come)",
            run: "click",
        },
        {
            content: "The gear",
            trigger: ".o_form_view .o_cp_action_menus .dropdown-toggle",
            run: "click",
        },
        {
            content: "Cancel the outing",
            trigger: ".o-dropdown--menu .dropdown-item:contains(Cancel the outing)",
            run: "click",
        },
        {
            content: "How many are told, and which way",
            trigger: ".modal [name=effect]:contains(2 persons will be told):contains(1 by text message, 1 by phone)",
        },
        {
            content: "Cancel it",
            trigger: ".modal footer button[name=action_cancel]",
            run: "click",
        },
        {
            content: "Whom no message reaches",
            trigger: "body:not(:has(.modal)) .o_list_view tr.o_data_row:contains(Blaise)",
        },
        {
            content: "And nobody else",
            trigger: ".o_list_view:not(:has(tr.o_data_row:contains(Ada)))",
        },
    ],
});
