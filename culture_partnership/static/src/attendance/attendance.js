import {
    Component,
    onMounted,
    onWillStart,
    onWillUnmount,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { isRecorded, makeSheet } from "./attendance_sheet";

const KEYS = { p: "attended", e: "excused", s: "absent" };

/** Who came: one key or one tap a registration, saved at once. */
export class Attendance extends Component {
    static template = "culture_partnership.Attendance";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static displayName = _t("Attendance");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.display = { controlPanel: {} };
        this.isRecorded = isRecorded;
        this.state = useState({ outing: null, current: null, others: 0, reasons: [] });
        this.sheet = useState(makeSheet(this.callRegistration.bind(this), () => this.readRows()));
        this.lastRecorded = [];
        this.typed = "";
        useSetupAction({
            beforeLeave: (options) => this.beforeLeave(options),
            beforeUnload: (ev) => this.beforeUnload(ev),
        });
        useExternalListener(browser, "online", () => this.sheet.retry());
        onWillStart(() => this.load());
        onMounted(() => {
            this.props.updateActionState?.({ active_id: this.outingId });
            this.focusRow(this.firstToRecord());
        });
        onWillUnmount(() => this.sheet.stop());
    }

    /** Given by the button, or by the address after a reload. */
    get outingId() {
        const { params = {}, context = {} } = this.props.action;
        return params.outing_id || context.active_id || params.active_id;
    }

    getAttendance() {
        return this.orm.silent.call("culture.outing", "get_attendance", [[this.outingId]]);
    }

    async readRows() {
        return (await this.getAttendance()).rows;
    }

    callRegistration(method, id, args = [], kwargs = {}) {
        return this.orm.silent.call("culture.registration", method, [[id], ...args], kwargs);
    }

    async load() {
        const { outing, rows, others, reasons, ask_reason, may_note } = await this.getAttendance();
        const given = { outing, others, reasons, askReason: ask_reason, mayNote: may_note };
        Object.assign(this.state, given);
        this.sheet.load(rows);
        this.state.current = this.firstToRecord();
        this.env.config.setDisplayName(_t("Attendance: %s", outing.name));
    }

    // ------------------------------------------------------------------ labels

    get choices() {
        return [
            { state: "attended", key: "P", label: _t("Attended") },
            {
                state: "excused",
                key: "E",
                label: _t("Excused absence"),
                help: _t("The person said why, on the day or afterwards."),
            },
            {
                state: "absent",
                key: "S",
                label: _t("Without news"),
                help: _t("We do not know why yet."),
            },
        ];
    }

    get countLabel() {
        const { recorded, rows } = this.sheet;
        const total = rows.length;
        return recorded < 2
            ? _t("%(recorded)s recorded of %(total)s", { recorded, total })
            : _t("%(recorded)s of %(total)s recorded", { recorded, total });
    }

    get othersLabel() {
        return this.state.others === 1
            ? _t("1 other registration is recorded by others.")
            : _t("%s other registrations are recorded by others.", this.state.others);
    }

    get tooEarlyLabel() {
        const hour = this.state.outing.starts_label;
        return _t("Attendance is recorded from %s on. Someone warns? Use “Free the place”.", hour);
    }

    name(row) {
        return row.group ? _t("Group %s", row.name) : row.name;
    }

    /** A companion is said by the badge. */
    seatsLabel({ adults, children, group }) {
        if (!group) {
            return "";
        }
        const parts = [];
        if (adults) {
            parts.push(adults === 1 ? _t("1 adult") : _t("%s adults", adults));
        }
        if (children) {
            parts.push(children === 1 ? _t("1 child") : _t("%s children", children));
        }
        return parts.join(", ");
    }

    ofSeatsLabel({ seats }) {
        return _t("of %s", seats);
    }

    asksReason(row) {
        return this.state.askReason && ["excused", "absent"].includes(row.state);
    }

    // ------------------------------------------------------------------- focus

    firstToRecord(rows = this.sheet.rows) {
        return (rows.find((row) => !isRecorded(row)) || rows[0])?.id;
    }

    /** The next one to record; the next one at all when none is left below. */
    rowAfter(row) {
        const index = this.sheet.rows.indexOf(row);
        const below = this.sheet.rows.slice(index + 1);
        return (below.find((other) => !isRecorded(other)) || below[0] || row).id;
    }

    /** The number of the signature list, digit by digit: 1, then 12. */
    findNumber(digit) {
        this.typed += digit;
        this.state.typed = this.typed;
        this.focusRow(this.numberFound?.id);
    }

    forgetNumber() {
        this.typed = "";
        this.state.typed = "";
    }

    get numberFound() {
        return this.sheet.rows.find(({ number }) => String(number) === this.typed);
    }

    get numberLabel() {
        const { typed } = this.state;
        if (!typed) {
            return "";
        }
        return this.numberFound ? _t("No. %s", typed) : _t("No. %s: not in this list", typed);
    }

    /** What the person says of it goes into the person's file. */
    noteWord(row) {
        return this.action.doActionButton({
            type: "object",
            name: "action_note_word",
            resModel: "culture.registration",
            resId: row.id,
        });
    }

    async focusRow(id) {
        if (!id) {
            return;
        }
        this.state.current = id;
        const element = this.root.el?.querySelector(`[data-registration="${id}"]`);
        element?.focus({ preventScroll: true });
        element?.scrollIntoView({ block: "nearest" });
    }

    moveFocus(row, step) {
        const index = this.sheet.rows.indexOf(row) + step;
        this.focusRow(this.sheet.rows[index]?.id);
    }

    // ---------------------------------------------------------------- recording

    /** By a key, the focus goes on; by a tap, the finger decides. */
    record(row, state, { byKey = false } = {}) {
        if (!this.state.outing.started) {
            return;
        }
        this.lastRecorded.push(row.id);
        this.sheet.record(row, state);
        if (byKey) {
            this.focusRow(this.rowAfter(row));
        }
    }

    /** This row, or the one recorded last when this one is still open. */
    undo(row) {
        const { rows } = this.sheet;
        const last = () => rows.find(({ id }) => id === this.lastRecorded.pop());
        const target = isRecorded(row) ? row : last();
        if (!target || !this.sheet.canUndo(target)) {
            return;
        }
        this.sheet.undo(target);
        this.focusRow(target.id);
    }

    onSeatsChange(row, ev) {
        const seats = Number.parseInt(ev.target.value);
        if (Number.isNaN(seats) || seats < 0 || seats > row.seats) {
            ev.target.value = row.seats_attended;
            return;
        }
        this.sheet.setSeats(row, seats);
    }

    onReasonChange(row, ev) {
        this.sheet.setReason(row, Number.parseInt(ev.target.value) || false);
    }

    onRowKeydown(row, ev) {
        if (ev.ctrlKey || ev.metaKey || ev.altKey || ev.target.matches("input, select")) {
            return;
        }
        const key = ev.key.toLowerCase();
        if (/^\d$/.test(key)) {
            this.findNumber(key);
            ev.preventDefault();
            return;
        }
        const unknown = this.typed && !this.numberFound;
        this.forgetNumber();
        if (key in KEYS && unknown) {
            // a number of nobody here: not recorded on whom the focus happens to be
            ev.preventDefault();
        } else if (key in KEYS) {
            this.record(row, KEYS[key], { byKey: true });
        } else if (key === "z") {
            this.undo(row);
        } else if (key === "arrowdown") {
            this.moveFocus(row, 1);
        } else if (key === "arrowup") {
            this.moveFocus(row, -1);
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }

    onKeydown(ev) {
        if (ev.key !== "Escape") {
            return;
        }
        const row = ev.target.closest("[data-registration]");
        if (ev.target.matches("input, select") && row) {
            row.focus();
        } else {
            this.env.config.historyBack();
        }
    }

    // ------------------------------------------------------------------ leaving

    async beforeLeave({ forceLeave } = {}) {
        if (!this.sheet.unsaved.length || forceLeave) {
            return true;
        }
        await this.sheet.retry();
        if (!this.sheet.unsaved.length) {
            return true;
        }
        this.notification.add(
            _t("No connection. Nothing is lost: new try in a few seconds. Stay on this page."),
            { type: "warning" }
        );
        return false;
    }

    beforeUnload(ev) {
        if (this.sheet.unsaved.length) {
            ev.preventDefault();
            ev.returnValue = "Unsaved changes";
        }
    }
}

registry.category("actions").add("culture_partnership.attendance", Attendance);
