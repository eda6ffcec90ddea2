import { Component } from "@odoo/owl";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { STATIC_ACTIONS_GROUP_NUMBER } from "@web/search/action_menus/action_menus";

const ACTION = "culture_partnership.culture_break_glass_action";

/** "Open a file by its number", in the gear menu over the persons. */
export class BreakGlassMenu extends Component {
    static template = "culture_partnership.BreakGlassMenu";
    static components = { DropdownItem };
    static props = {};

    setup() {
        this.action = useService("action");
    }

    onSelected() {
        return this.action.doAction(ACTION);
    }
}

registry.category("cogMenu").add(
    "culture-break-glass",
    {
        Component: BreakGlassMenu,
        groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
        isDisplayed: ({ config, searchModel }) =>
            searchModel?.resModel === "culture.beneficiary" &&
            ["kanban", "list"].includes(config.viewType),
    },
    { sequence: 5 }
);
