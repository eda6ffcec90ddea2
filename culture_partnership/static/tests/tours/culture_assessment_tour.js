import { registry } from "@web/core/registry";

const PAGE = ".modal .o_culture_assessment";
const TAB = ".o_culture_assessments";

function pick(name, sentence) {
    return {
        content: `${name}: a sentence`,
        trigger: `${PAGE} [name=${name}] .o_radio_item:contains(${sentence}) input`,
        run: "click",
    };
}

/** Something is drawn: not every point of the canvas is like the first one. */
function assertDrawn(canvas) {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    if (!data.some((value, index) => value !== data[index % 4])) {
        throw new Error("The chart is empty");
    }
}

// At entry by the person and by the referent, then on the way: each view on its own page,
// the radar, the line and the same in a table. Alt+S saves; no figure is shown.
registry.category("web_tour.tours").add("culture_referent_takes_stock", {
    steps: () => [
        {
            content: "The file",
            trigger: ".o_kanban_record:contains(Bea)",
            run: "click",
        },
        {
            content: "Assessments",
            trigger: ".nav-link[name=assessments]",
            run: "click",
        },
        {
            content: "The person has an entry, the referent nothing yet",
            trigger: `${TAB} [data-view=referent]:contains(Nothing noted)`,
        },
        {
            content: "1. Take stock",
            trigger: "button[name=action_take_stock]",
            run: "click",
        },
        {
            content: "2. Professional view",
            trigger: `${PAGE} [name=view] .o_radio_item:contains(Professional view) input`,
            run: "click",
        },
        {
            content: "The first of this view is the entry",
            trigger: `${PAGE} [name=moment] .o_radio_item:contains(Entry) input:checked`,
        },
        pick("referent_mobility", "Goes further with somebody"),
        {
            content: "3. Save",
            trigger: ".modal footer button[data-hotkey=s]",
            run: "click",
        },
        {
            content: "Beside the person's, and never added to them",
            trigger: `body:not(:has(.modal)) ${TAB} [data-view=referent] td:contains(Goes further with somebody.)`,
        },
        {
            content: "1. Take stock again, with the person",
            trigger: "button[name=action_take_stock]",
            run: "click",
        },
        {
            content: "The page covers the file: what the referent said is not behind it",
            trigger: ".modal-content:has(.o_culture_assessment)",
            run({ anchor }) {
                const { left, top, width, height } = anchor.getBoundingClientRect();
                if (left || top || width < window.innerWidth || height < window.innerHeight) {
                    throw new Error("The file can be seen behind the page");
                }
            },
        },
        {
            content: "2. What the person feels",
            trigger: `${PAGE} [name=view] .o_radio_item:contains(What the person feels) input`,
            run: "click",
        },
        {
            content: "Where I am: on the way, for an entry is there",
            trigger: `${PAGE} h2:contains(Where I am)`,
        },
        {
            content: "Preset",
            trigger: `${PAGE} [name=moment] .o_radio_item:contains(On the way) input:checked`,
        },
        pick("person_social", "I come to a group"),
        pick("person_mobility", "Prefers not to answer"),
        pick("person_confidence", "I choose; a reminder"),
        pick("person_action", "I have taken up again"),
        {
            content: "The other page is not there",
            trigger: `${PAGE}:not(:has([name=referent_social] input))`,
        },
        {
            content: "7. Save",
            trigger: ".modal footer button[data-hotkey=s]",
            run: "click",
        },
        {
            content: "The radar is drawn",
            trigger: `body:not(:has(.modal)) ${TAB} [data-view=person] canvas[data-chart=radar]`,
            run({ anchor }) {
                assertDrawn(anchor);
            },
        },
        {
            content: "The line too",
            trigger: `${TAB} [data-view=person] canvas[data-chart=line]`,
            run({ anchor }) {
                assertDrawn(anchor);
            },
        },
        {
            content: "And the sentences stand below",
            trigger: `${TAB} [data-view=person] td:contains(Prefers not to answer)`,
        },
        {
            content: "Correct it",
            trigger: `${TAB} [data-view=person] th:contains(On the way) button`,
            run: "click",
        },
        pick("person_mobility", "I stay in my neighbourhood"),
        {
            content: "Save",
            trigger: ".modal footer button[data-hotkey=s]",
            run: "click",
        },
        {
            content: "Corrected",
            trigger: `body:not(:has(.modal)) ${TAB} [data-view=person] td:contains(I stay in my neighbourhood):not(:contains(Prefers))`,
        },
    ],
});
