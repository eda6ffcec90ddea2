import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

export const FILE_LOADED = "CULTURE_FILE_LOADED";
const AT_ONCE = 40;

/** What happened with the person, newest first. Reading it is the logged opening. */
export class Timeline extends Component {
    static template = "culture_partnership.Timeline";
    static props = standardWidgetProps;

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.choices = [
            { name: "all", label: _t("All") },
            { name: "followups", label: _t("Follow-ups") },
            { name: "outings", label: _t("Outings") },
            { name: "goals", label: _t("Goals") },
        ];
        this.state = useState({ choice: "all", limit: AT_ONCE, lines: [], more: false });
        useBus(this.props.record.model.bus, FILE_LOADED, ({ detail }) => this.load(detail.resId));
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps(({ record }) => {
            if (record.resId !== this.resId) {
                Object.assign(this.state, { limit: AT_ONCE, lines: [], more: false });
                return this.load(record.resId);
            }
        });
    }

    async load(resId) {
        this.resId = resId;
        if (!resId) {
            return;
        }
        const { choice, limit } = this.state;
        const args = [[resId], choice, limit];
        const answer = await this.orm.call("culture.beneficiary", "read_timeline", args);
        const asked = resId === this.resId && choice === this.state.choice;
        if (asked && limit === this.state.limit) {
            Object.assign(this.state, answer);
        }
    }

    get months() {
        const months = [];
        for (const line of this.state.lines) {
            if (months.at(-1)?.name !== line.month) {
                months.push({ name: line.month, lines: [] });
            }
            months.at(-1).lines.push(line);
        }
        return months;
    }

    choose(choice) {
        Object.assign(this.state, { choice, limit: AT_ONCE });
        return this.load(this.resId);
    }

    showMore() {
        this.state.limit += AT_ONCE;
        return this.load(this.resId);
    }

    async correct(line) {
        // what is typed in the file is kept, as for the host's own buttons
        if (!(await this.props.record.save())) {
            return;
        }
        const args = [[line.followup_id]];
        const action = await this.orm.call("culture.followup", "action_correct", args);
        const onClose = () => this.props.record.load();
        await this.action.doAction(action, { onClose });
    }
}

registry.category("view_widgets").add("culture_timeline", { component: Timeline });
