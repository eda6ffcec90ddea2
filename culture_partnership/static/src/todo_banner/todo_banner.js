import { LeanListController, LeanListRenderer } from "@culture_partnership/lean_list/lean_list";
import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

/** "To do": counts above the records, each of them the filter that shows its lines. */
export class TodoBanner extends Component {
    static template = "culture_partnership.TodoBanner";
    static props = { list: Object };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ items: [] });
        onWillStart(() => this.load());
        onWillUpdateProps(() => this.load());
    }

    /** Over the registrations of one outing, a count of all of them would lie. */
    get isWhole() {
        return !this.env.searchModel.globalDomain?.length;
    }

    get resModel() {
        return this.props.list.resModel;
    }

    async load() {
        if (!this.isWhole) {
            return;
        }
        const args = [this.resModel];
        this.state.items = await this.orm.call("culture.first.steps", "get_todo", args);
    }

    isActive(item) {
        const { query, searchItems } = this.env.searchModel;
        const active = query.map(({ searchItemId }) => searchItems[searchItemId]);
        const filters = active.filter(({ type }) => type === "filter").map(({ name }) => name);
        return !item.action && filters.sort().join() === item.filter.split(",").sort().join();
    }

    async onClick(item) {
        if (item.action) {
            // the action's own filters would stay beside ours
            const action = await this.action.loadAction(item.action);
            await this.action.doAction({ ...action, context: item.context });
        } else {
            this.setFilters(item.filter.split(","));
        }
    }

    /** Leaves these filters alone in the search bar, and the groupings as they are. */
    setFilters(names) {
        const { searchModel } = this.env;
        const wanted = searchModel.getSearchItems(({ name }) => names.includes(name));
        searchModel.query = searchModel.query.filter(({ searchItemId }) =>
            ["groupBy", "dateGroupBy"].includes(searchModel.searchItems[searchItemId].type)
        );
        const last = wanted.pop();
        searchModel.query.push(...wanted.map(({ id }) => ({ searchItemId: id })));
        searchModel.toggleSearchItem(last.id);
    }
}

export class TodoKanbanRenderer extends KanbanRenderer {
    static template = "culture_partnership.TodoKanbanRenderer";
    static components = { ...KanbanRenderer.components, TodoBanner };
}

export class TodoListRenderer extends LeanListRenderer {
    static template = "culture_partnership.TodoListRenderer";
    static components = { ...LeanListRenderer.components, TodoBanner };
}

const views = registry.category("views");
views.add("culture_todo_kanban", { ...kanbanView, Renderer: TodoKanbanRenderer });
views.add("culture_todo_list", {
    ...listView,
    Controller: LeanListController,
    Renderer: TodoListRenderer,
});
