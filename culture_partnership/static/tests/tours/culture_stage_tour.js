import { registry } from "@web/core/registry";

const PROPOSAL = "[name=stage_proposal]";
const current = (stage) => `.o_arrow_button_current:contains(${stage})`;

// A stage is proposed and taken; after a pause, one click leads back to it.
registry.category("web_tour.tours").add("culture_referent_takes_a_stage", {
    steps: () => [
        {
            content: "The file",
            trigger: ".o_kanban_record:contains(Ada)",
            run: "click",
        },
        {
            content: "What happened is said, and nothing has moved",
            trigger: `.o_form_view:has(${current("Orientation")}) ${PROPOSAL}:contains(Stage proposed: First contact. A first follow-up is noted.)`,
        },
        {
            content: "Take it",
            trigger: "button[name=action_take_stage]",
            run: "click",
        },
        {
            content: "Taken, and not proposed any more",
            trigger: `.o_form_view:has(${current("First contact")}):not(:has(${PROPOSAL}))`,
        },
        {
            content: "The gear",
            trigger: ".o_cp_action_menus .dropdown-toggle",
            run: "click",
        },
        {
            content: "Pause",
            trigger: ".o-dropdown--menu .dropdown-item:contains(Pause)",
            run: "click",
        },
        {
            content: "One click to come back",
            trigger: `.o_form_view:has(${current("Paused")}) button[name=action_resume]`,
            run: "click",
        },
        {
            content: "Where it was",
            trigger: `.o_form_view:has(${current("First contact")}):not(:has(button[name=action_resume]))`,
        },
    ],
});
