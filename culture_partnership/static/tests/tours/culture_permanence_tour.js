import { registry } from "@web/core/registry";

const COUNT = (name) => `.o_culture_counter:has([name=${name}])`;
const shows = (name, value) => ({
    content: `${name} is ${value}`,
    trigger: `${COUNT(name)} .o_field_widget[name=${name}] input:value(${value})`,
});
const tap = (content, trigger) => ({ content, trigger, run: "click" });

// A permanence held on a phone: taps and counters, one tap too many taken back, no name
// asked; then one visit becomes a follow-up of who agrees to it, and counts once.
registry.category("web_tour.tours").add("culture_permanence_on_a_phone", {
    steps: () => [
        tap("The permanence of today", ".o_kanban_record:contains(Tour theatre)"),
        shows("people_count", "0"),
        tap("Somebody stays a moment", "button:contains(A moment together)"),
        shows("people_count", "1"),
        tap("Somebody else talks about an outing", "button:contains(Talk about an outing)"),
        shows("people_count", "2"),
        tap("One tap too many", "button:contains(Book)"),
        shows("people_count", "3"),
        tap("Go back", "button[name=action_undo]"),
        shows("people_count", "2"),
        tap("A first time", `${COUNT("first_time_count")} button:contains(+)`),
        shows("first_time_count", "1"),
        tap("An offer shown", `${COUNT("offers_count")} button:contains(+)`),
        shows("offers_count", "1"),
        {
            content: "Nothing slides sideways",
            trigger: ".o_culture_kinds",
            run() {
                const { scrollWidth, clientWidth } = document.documentElement;
                if (scrollWidth > clientWidth) {
                    throw new Error(`${scrollWidth} px on a screen of ${clientWidth}`);
                }
                for (const button of document.querySelectorAll(
                    ".o_culture_counter .btn, .o_culture_kinds .btn"
                )) {
                    const { width, height } = button.getBoundingClientRect();
                    if (width < 56 || height < 56) {
                        throw new Error(`${button.textContent}: ${width} x ${height} px`);
                    }
                }
            },
        },
        tap(
            "The talk becomes a follow-up",
            ".o_kanban_record:contains(Talk about an outing) button[name=action_note_followup]"
        ),
        {
            content: "The person agrees",
            trigger: ".modal .o_culture_note:contains(The person agrees)",
        },
        {
            content: "It was at the desk",
            trigger: ".modal [name=kind] .o_radio_item:contains(At the desk) input:checked",
        },
        tap("Who it was", ".modal [name=beneficiary_id] input"),
        tap("One of mine", ".modal .o_kanban_record:contains(Ada), .modal .o_data_row:contains(Ada) td"),
        {
            content: "What was said",
            trigger: ".modal [name=note] textarea",
            run: "edit Would like to see a circus",
        },
        tap("Save", ".modal footer button[name=action_save]"),
        {
            content: "The visit is named",
            trigger:
                "body:not(:has(.modal)) .o_kanban_record:contains(Talk about an outing):contains(Ada):contains(Follow-up noted)",
        },
        shows("people_count", "2"),
        tap("Close the permanence", "button[name=action_close]"),
        {
            content: "It is closed",
            trigger: ".o_culture_note:contains(This permanence is closed)",
        },
    ],
});
