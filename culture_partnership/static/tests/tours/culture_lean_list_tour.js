import { registry } from "@web/core/registry";

// A hidden column is read when it is ticked, and not before.
registry.category("web_tour.tours").add("culture_lean_list", {
    steps: () => [
        {
            content: "The list is there, without the hidden column",
            trigger: ".o_list_view .o_data_row:not(:has([name=venue_id]))",
        },
        {
            trigger: ".o_optional_columns_dropdown button",
            run: "click",
        },
        {
            content: "Show the venue",
            trigger: ".o-dropdown--menu input[name=venue_id]",
            run: "click",
        },
        {
            content: "It is read, and shown",
            trigger: ".o_data_row [name=venue_id]:contains(Tour theatre)",
        },
        {
            content: "It stays when one comes back from a line",
            trigger: ".o_data_row [name=name_shown]",
            run: "click",
        },
        {
            trigger: ".o_form_view",
        },
        {
            trigger: ".o_breadcrumb .o_back_button",
            run: "click",
        },
        {
            trigger: ".o_data_row [name=venue_id]:contains(Tour theatre)",
        },
        {
            trigger: ".o_optional_columns_dropdown button",
            run: "click",
        },
        {
            content: "Hide it again",
            trigger: ".o-dropdown--menu input[name=venue_id]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:not(:has([name=venue_id]))",
        },
    ],
});
