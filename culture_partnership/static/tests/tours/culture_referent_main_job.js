import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const ROW = ".o_culture_attendance_row";
const CHEN = `${ROW}:contains(Chen)`;
const UNDO = ".o_culture_attendance_undo";

// The two things a referent does between two appointments: from a contact to a
// confirmed place in four clicks, then who came, by the keyboard alone.
registry.category("web_tour.tours").add("culture_referent_main_job", {
    steps: () => [
        {
            content: "1. From the contact to the file",
            trigger: ".oe_stat_button[name=action_culture_open_file]:contains(Cultural file)",
            run: "click",
        },
        {
            content: "2. Register for an outing",
            trigger: ".o_statusbar_buttons button[name=action_register]",
            run: "click",
        },
        {
            content: "3. Tick the outing",
            trigger: ".modal tr.o_data_row:contains(Tour outing to come) td[name=selected]",
            run: "click",
        },
        {
            content: "4. Confirm",
            trigger: ".modal footer button[name=action_confirm]",
            run: "click",
        },
        {
            content: "Their registrations",
            trigger: "body:not(:has(.modal)) .nav-link[name=registrations]",
            run: "click",
        },
        {
            content: "The place is confirmed",
            trigger:
                "body:not(:has(.modal)) [name=registration_ids] tr.o_data_row" +
                ":contains(Tour outing to come):contains(Confirmed)",
        },
        stepUtils.showAppsMenuItem(),
        {
            content: "The day after: the application opens on one's own people",
            trigger: ".o_app[data-menu-xmlid='culture_partnership.menu_root']",
            run: "click",
        },
        {
            content: "The banner says what waits",
            trigger: ".o_culture_todo_item[data-key=attendance]",
            run: "click",
        },
        {
            content: "The outing",
            trigger: ".o_kanban_record:contains(Tour outing of yesterday)",
            run: "click",
        },
        {
            content: "Record attendance",
            trigger: ".o_statusbar_buttons button[name=action_open_attendance]",
            run: "click",
        },
        {
            content: "The first row not recorded has the focus: attended",
            trigger: `${ROW}:focus:contains(Ada)`,
            run: "press p",
        },
        {
            content: "The next row has it: excused",
            trigger: `${ROW}:focus:contains(Blaise)`,
            run: "press e",
        },
        {
            content: "Without news, for the last one",
            trigger: `${ROW}:focus:contains(Chen)`,
            run: "press s",
        },
        {
            content: "All of them are recorded",
            trigger: ".o_culture_attendance_count:contains(3 of 3)",
        },
        {
            content: "Back on the last one",
            trigger: `${CHEN}:has([data-state=absent].o_culture_chosen):has(${UNDO})`,
            run: "press z",
        },
        {
            content: "It is not recorded any more",
            trigger: ".o_culture_attendance_count:contains(2 of 3)",
        },
        {
            content: "And recorded again",
            trigger: `${ROW}:focus:contains(Chen)`,
            run: "press p",
        },
        {
            content: "Everything is saved",
            trigger: `${CHEN}:has([data-state=attended].o_culture_chosen):has(${UNDO})`,
        },
        {
            content: "A number of the signature list leads to its row",
            trigger: CHEN,
            run: "press 1",
        },
        {
            content: "Escape leaves",
            trigger: `${ROW}:focus:contains(Ada)`,
            run: "press Escape",
        },
        {
            content: "Back on the outing",
            trigger: ".o_form_view .o_statusbar_buttons button[name=action_open_attendance]",
        },
    ],
});
