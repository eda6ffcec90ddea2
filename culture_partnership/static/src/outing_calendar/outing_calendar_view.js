import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { utils } from "@web/core/ui/ui_service";
import { CalendarModel } from "@web/views/calendar/calendar_model";
import { calendarView } from "@web/views/calendar/calendar_view";

/** Says on each tile what one looks for: whether there is room, whether it takes place. */
export class OutingCalendarModel extends CalendarModel {
    normalizeRecord(rawRecord) {
        return { ...super.normalizeRecord(rawRecord), title: this.tileTitle(rawRecord) };
    }

    tileTitle({ name, state, is_full, seats_free }) {
        if (state === "cancelled") {
            return _t("Cancelled: %s", name);
        }
        if (is_full) {
            return _t("%s (full)", name);
        }
        return seats_free === 1
            ? _t("%s (1 place)", name)
            : _t("%(name)s (%(seats)s places)", { name, seats: seats_free });
    }
}

registry.category("views").add("culture_outing_calendar", {
    ...calendarView,
    Model: OutingCalendarModel,
    props: (...args) => {
        const props = calendarView.props(...args);
        if (utils.isSmall()) {
            // a month of titles cut after four letters says nothing
            props.archInfo.scale = "day";
        }
        return props;
    },
});
