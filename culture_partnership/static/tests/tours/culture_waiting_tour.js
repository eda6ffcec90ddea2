import { registry } from "@web/core/registry";

// A coordinator reads who comes first and why, and chooses the second, with a reason.
registry.category("web_tour.tours").add("culture_place_out_of_turn", {
    steps: () => [
        {
            content: "The waiting list",
            trigger: ".o_notebook .nav-link[name=waiting_list]",
            run: "click",
        },
        {
            content: "In the order of the rules, with why",
            trigger:
                "[name=waiting_ids] tr.o_data_row:first:contains(Ada):contains(First outing)",
        },
        {
            content: "The second",
            trigger:
                "[name=waiting_ids] tr.o_data_row:contains(Blaise) button[name=action_offer]",
            run: "click",
        },
        {
            content: "Who comes first is said in figures",
            trigger: ".modal [name=effect]:contains(1 other registration comes first)",
        },
        {
            content: "A reason",
            trigger: ".modal [name=reason] input",
            run: "edit His sister goes too",
        },
        {
            content: "Offer the place",
            trigger: ".modal footer button[name=action_offer]",
            run: "click",
        },
        {
            content: "One waits",
            trigger:
                "body:not(:has(.modal)) [name=waiting_ids]:not(:contains(Blaise)) tr.o_data_row:contains(Ada)",
        },
    ],
});
