import { registry } from "@web/core/registry";

// Signs one convention, then finds by its late evaluation the one that ends, and
// writes what follows it.
registry.category("web_tour.tours").add("culture_coordinator_conventions", {
    steps: () => [
        {
            content: "The convention whose text is agreed",
            trigger: ".o_kanban_record:contains(Tour to sign)",
            run: "click",
        },
        {
            content: "Sign",
            trigger: ".o_statusbar_buttons button[name=action_sign]",
            run: "click",
        },
        {
            content: "It is in force",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(In force)",
        },
        {
            content: "Back to the conventions",
            trigger: ".o_breadcrumb a:contains(Conventions)",
            run: "click",
        },
        {
            content: "The filters",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "What is late",
            trigger: ".o_filter_menu .o_menu_item:contains(Evaluation late)",
            run: "click",
        },
        {
            content: "Only the convention that owes it",
            trigger:
                ".o_kanban_view:not(:contains(Tour to sign)) .o_kanban_record:contains(Tour that ends)",
            run: "click",
        },
        {
            content: "The form says it",
            trigger: ".o_form_view .alert:contains(An evaluation that this convention promises is late.)",
        },
        {
            content: "Handed in today",
            trigger: "[name=evaluation_ids] .o_data_row button[name=action_done]",
            run: "click",
        },
        {
            content: "Nothing is late any more",
            trigger: "[name=evaluation_ids] .o_data_row:contains(Done)",
        },
        {
            content: "Renew",
            trigger: ".o_statusbar_buttons button[name=action_renew]",
            run: "click",
        },
        {
            content: "The draft of the following period knows the former one",
            trigger: ".o_field_widget[name=renews_id]:contains(Tour that ends)",
        },
        {
            content: "Back to the former one",
            trigger: ".o_breadcrumb a:contains(Tour that ends), .o_back_button a",
            run: "click",
        },
        {
            content: "It knows what follows, and is not renewed twice",
            trigger:
                ".o_form_view:not(:has(button[name=action_renew])) .o_field_widget[name=renewal_id]:contains(Tour that ends)",
        },
    ],
});
