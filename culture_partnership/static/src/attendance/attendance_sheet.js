import { reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { ConnectionAbortedError, ConnectionLostError } from "@web/core/network/rpc";

const RECORDED = ["attended", "excused", "absent"];
const RETRY_DELAYS = [2000, 4000, 8000, 15000, 30000];

export const isRecorded = (row) => RECORDED.includes(row.state);

/**
 * The rows of one outing, each with what is still to be sent of it.
 *
 * A key answers at once; the server hears of it as soon as it can be reached. What
 * it does not know yet is said on the row, and sent again: an attendance noted in a
 * basement without network is not lost.
 */
export class AttendanceSheet {
    /**
     * @param {Function} call calls a method of a registration: (method, id, args, kwargs)
     * @param {Function} read reads all the rows again
     */
    constructor(call, read) {
        this.call = call;
        this.read = read;
        this.rows = [];
        this.retries = 0;
        this.timer = null;
    }

    /** @param {Object[]} rows as `get_attendance` gives them */
    load(rows) {
        this.rows = rows.map((row) => ({ ...row, saved: { ...row }, ...this.idle() }));
    }

    idle() {
        return { pending: null, sending: false, underWay: null, unsaved: false, error: "" };
    }

    get recorded() {
        return this.rows.filter(isRecorded).length;
    }

    get unsaved() {
        return this.rows.filter((row) => row.pending || row.sending);
    }

    canUndo(row) {
        return Boolean(isRecorded(row) && (row.can_undo || row.pending || row.sending));
    }

    record(row, state) {
        if (row.state === state) {
            return;
        }
        const attended = state === "attended";
        Object.assign(row, { state, reason_id: false, seats_attended: attended ? row.seats : 0 });
        return this.send(row, { method: "action_record", args: [state], wanted: { state } });
    }

    /** A group or a companion may come in part. */
    setSeats(row, seats) {
        row.seats_attended = seats;
        const wanted = { seats_attended: seats };
        if (row.pending?.method === "action_record") {
            row.pending.kwargs = wanted;
            return;
        }
        return this.send(row, { method: "write", args: [wanted], wanted });
    }

    setReason(row, reasonId) {
        row.reason_id = reasonId;
        const wanted = { reason_id: reasonId };
        if (row.pending?.method === "action_record") {
            row.pending.kwargs = wanted;
            return;
        }
        return this.send(row, { method: "action_set_absence_reason", args: [reasonId], wanted });
    }

    undo(row) {
        const wanted = { state: "confirmed" };
        Object.assign(row, { ...wanted, reason_id: false, seats_attended: 0 });
        return this.send(row, { method: "action_undo", args: [], wanted });
    }

    send(row, act) {
        row.pending = act;
        row.error = "";
        return this.sent(row);
    }

    /** What is under way goes on with what came meanwhile: one waits for the same. */
    sent(row) {
        if (!row.sending) {
            row.underWay = this.flush(row);
        }
        return row.underWay;
    }

    /** Sends what waits on this row, one act after the other. */
    async flush(row) {
        while (row.pending && !row.sending) {
            const act = row.pending;
            row.pending = null;
            row.sending = true;
            try {
                this.onAnswer(row, await this.call(act.method, row.id, act.args, act.kwargs));
            } catch (error) {
                if (this.isOffline(error)) {
                    act.retried = true;
                    row.pending ||= act;
                    row.unsaved = true;
                    this.retryLater();
                    return;
                }
                await this.onRefusal(row, act, error);
            } finally {
                row.sending = false;
            }
        }
    }

    onAnswer(row, answer) {
        this.retries = 0;
        const rows = Array.isArray(answer) ? answer : [];
        this.onFresh(row, rows.find(({ id }) => id === row.id));
    }

    onFresh(row, fresh) {
        const { state, reason_id, seats_attended } = row;
        row.saved = { ...row.saved, ...(fresh || { state, reason_id, seats_attended }) };
        row.unsaved = Boolean(row.pending);
        if (!row.pending) {
            Object.assign(row, row.saved);
        }
    }

    /**
     * Shows where the registration stands. An act sent twice because its answer got
     * lost is refused the second time: it is done, and that is no error.
     */
    async onRefusal(row, act, error) {
        row.pending = null;
        const rows = await this.read().catch(() => []);
        const fresh = rows.find(({ id }) => id === row.id) || row.saved;
        this.onFresh(row, fresh);
        const done = Object.entries(act.wanted).every(([name, value]) => fresh[name] === value);
        row.error = act.retried && done ? "" : error.data?.message || error.message;
    }

    isOffline(error) {
        return [error, error.cause].some(
            (e) => e instanceof ConnectionLostError || e instanceof ConnectionAbortedError
        );
    }

    retryLater() {
        if (this.timer) {
            return;
        }
        const delay = RETRY_DELAYS[Math.min(this.retries, RETRY_DELAYS.length - 1)];
        this.retries += 1;
        this.timer = browser.setTimeout(() => this.retry(), delay);
    }

    /** Tries again at once all that the server does not know yet. */
    async retry() {
        this.stop();
        await Promise.all(this.unsaved.map((row) => this.sent(row)));
    }

    stop() {
        browser.clearTimeout(this.timer);
        this.timer = null;
    }
}

export const makeSheet = (...args) => reactive(new AttendanceSheet(...args));
