import { TodoKanbanRenderer, TodoListRenderer } from "@culture_partnership/todo_banner/todo_banner";
import { LeanListController } from "@culture_partnership/lean_list/lean_list";
import { onMounted, onWillUnmount } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

const EVERY = 30000;

/**
 * Under the filter "Today", the figures move by themselves: others record who came, and
 * places are given back. Not while somebody ticks, writes, or looks at another tab.
 */
function useTodayKeptUp(controller) {
    let timer = null;
    const keepUp = () => {
        const { root } = controller.model;
        const busy = root.editedRecord || root.selection?.length || document.hidden;
        if (controller.env.searchModel.context.culture_today && !busy) {
            root.load();
        }
    };
    onMounted(() => {
        timer = browser.setInterval(keepUp, EVERY);
    });
    onWillUnmount(() => browser.clearInterval(timer));
}

export class OutingListController extends LeanListController {
    setup() {
        super.setup();
        useTodayKeptUp(this);
    }
}

export class OutingKanbanController extends KanbanController {
    setup() {
        super.setup();
        useTodayKeptUp(this);
    }
}

const views = registry.category("views");
views.add("culture_outing_list", {
    ...listView,
    Controller: OutingListController,
    Renderer: TodoListRenderer,
});
views.add("culture_outing_kanban", {
    ...kanbanView,
    Controller: OutingKanbanController,
    Renderer: TodoKanbanRenderer,
});
