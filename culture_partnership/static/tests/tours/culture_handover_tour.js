import { registry } from "@web/core/registry";

// A referent who leaves gives all the files to a colleague, from the own card.
registry.category("web_tour.tours").add("culture_handover_propose", {
    steps: () => [
        {
            content: "From one's own card",
            trigger: ".o_statusbar_buttons button[name=action_hand_over]",
            run: "click",
        },
        {
            content: "What it does is said in figures",
            trigger: ".modal [name=effect]:contains(to these 2 files ends on acceptance)",
        },
        {
            content: "To whom",
            trigger: ".modal [name=to_id] input",
            run: "edit tour_receiver",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(tour_receiver)",
            run: "click",
        },
        {
            content: "Propose",
            trigger: ".modal footer button[name=action_propose]",
            run: "click",
        },
        {
            content: "It waits among the handovers",
            trigger: "body:not(:has(.modal)) .o_list_view tr.o_data_row:contains(Proposed)",
        },
    ],
});

// The colleague is told by the banner, reads numbers, accepts, and reads names.
registry.category("web_tour.tours").add("culture_handover_accept", {
    steps: () => [
        {
            content: "The banner says what waits",
            trigger: ".o_culture_todo_item[data-key=handovers]:contains(1 handover to accept)",
            run: "click",
        },
        {
            content: "The handover",
            trigger: ".o_list_view tr.o_data_row td[name=from_id]",
            run: "click",
        },
        {
            content: "Numbers, no names",
            trigger: ".o_form_view:not(:contains(Blaise)) [name=line_ids] tr.o_data_row",
        },
        {
            content: "Accept",
            trigger: ".o_statusbar_buttons button[name=action_accept]",
            run: "click",
        },
        {
            content: "Back on one's own people, with them",
            trigger: ".o_kanban_view .o_kanban_record:contains(Blaise)",
        },
    ],
});
