import { registry } from "@web/core/registry";

const LINE = ".o_culture_timeline_line";

// A contact in three clicks from the card, then read in the file, corrected, and what
// comes next among what is to do. Words that would be markup stay words.
registry.category("web_tour.tours").add("culture_referent_notes_a_followup", {
    steps: () => [
        {
            content: "1. On the card",
            trigger: ".o_kanban_record:contains(Ada) button[name=action_note_followup]",
            run: "click",
        },
        {
            content: "Interview and today are there already",
            trigger: ".modal [name=kind] .o_radio_item:contains(Interview) input:checked",
        },
        {
            content: "2. It was a call",
            trigger: ".modal [name=kind] .o_radio_item:contains(Call) input",
            run: "click",
        },
        {
            content: "What was said",
            trigger: ".modal [name=note] textarea",
            run: "edit <img src=x onerror=document.body.remove()> likes circus",
        },
        {
            content: "What comes next",
            trigger: ".modal [name=next_step] input",
            run: "edit Propose a date",
        },
        {
            content: "3. Save",
            trigger: ".modal footer button[name=action_save]",
            run: "click",
        },
        {
            content: "It is said",
            trigger: ".o_notification:contains(Follow-up noted.)",
        },
        {
            content: "The file",
            trigger: "body:not(:has(.modal)) .o_kanban_record:contains(Ada)",
            run: "click",
        },
        {
            content: "The thread comes first: the words, as words",
            trigger: `${LINE}:contains(Call):contains(<img src=x):contains(likes circus):not(:has(img))`,
        },
        {
            content: "Outings alone: none",
            trigger: ".o_culture_timeline_choice[data-choice=outings]",
            run: "click",
        },
        {
            content: "Nothing there yet",
            trigger: ".o_culture_timeline_empty:contains(No outing yet.)",
        },
        {
            content: "All again",
            trigger: ".o_culture_timeline_choice[data-choice=all]",
            run: "click",
        },
        {
            content: "Correct it",
            trigger: `${LINE} button:contains(Correct)`,
            run: "click",
        },
        {
            content: "The same dialog, with the words",
            trigger: ".modal [name=note] textarea",
            run: "edit Likes circus a lot",
        },
        {
            content: "Save",
            trigger: ".modal footer button[name=action_save]",
            run: "click",
        },
        {
            content: "Corrected",
            trigger: `body:not(:has(.modal)) ${LINE}:contains(Likes circus a lot)`,
        },
    ],
});
