import { registry } from "@web/core/registry";

const PLAN = ".o_form_view.o_culture_plan";
const GOAL = `${PLAN} [name=goal_ids] .o_data_row`;

// A plan written with the person from top to bottom, an outing planned from a goal, and
// the goal reached: told by the file. Words that would be markup stay words.
registry.category("web_tour.tours").add("culture_referent_writes_a_plan", {
    steps: () => [
        {
            content: "The file",
            trigger: ".o_kanban_record:contains(Ada)",
            run: "click",
        },
        {
            content: "The gear",
            trigger: ".o_form_view .o_cp_action_menus .dropdown-toggle",
            run: "click",
        },
        {
            content: "Write the plan",
            trigger: ".o-dropdown--menu .dropdown-item:contains(Write the plan)",
            run: "click",
        },
        {
            content: "Nothing is asked first",
            trigger: `${PLAN} .o_culture_plan_empty:contains(Begin with what the person says)`,
        },
        {
            content: "Their words",
            trigger: `${PLAN} [name=words] textarea`,
            run: "edit <img src=x onerror=document.body.remove()> I would like to laugh",
        },
        {
            content: "With whom",
            trigger: `${PLAN} [name=wish_with] input`,
            run: "edit My sister",
        },
        {
            content: "A goal",
            trigger: `${PLAN} [name=goal_ids] .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {
            content: "The goal",
            trigger: `${GOAL} [name=name] input`,
            run: "edit See a play",
        },
        {
            content: "Its small step",
            trigger: `${GOAL} [name=small_step] input`,
            run: "edit Choose the day",
        },
        {
            content: "Save, by the key",
            trigger: `${GOAL} [name=small_step] input`,
            run: "press alt+s",
        },
        {
            content: "Look for an outing",
            trigger: `${GOAL} button[name=action_find_outing]`,
            run: "click",
        },
        {
            content: "Choose it",
            trigger: ".modal .o_data_row:contains(Tour outing) td[name=selected]",
            run: "click",
        },
        {
            content: "Confirm",
            trigger: ".modal footer button[name=action_confirm]:not([disabled])",
            run: "click",
        },
        {
            content: "It is linked",
            trigger: `body:not(:has(.modal)) ${GOAL}:contains(Tour outing)`,
        },
        {
            content: "Where the goal stands",
            trigger: `${GOAL} td[name=state]`,
            run: "click",
        },
        {
            content: "Reached",
            trigger: `${GOAL} [name=state] input, ${GOAL} [name=state] select`,
            run: "click",
        },
        {
            content: "Reached",
            trigger: ".o_select_menu_item:contains(Reached)",
            run: "click",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Saved",
            trigger: `${GOAL}:not(.o_selected_row):contains(Reached)`,
        },
        {
            content: "Back to the file",
            trigger: ".o_breadcrumb .breadcrumb-item a:contains(Ada), .o_back_button",
            run: "click",
        },
        {
            content: "One goal reached",
            trigger: ".oe_stat_button:contains(Goals reached):contains(1)",
        },
        {
            content: "The goals of the thread",
            trigger: ".o_culture_timeline_choice[data-choice=goals]",
            run: "click",
        },
        {
            content: "It is told",
            trigger: ".o_culture_timeline_line:contains(Goal reached: See a play)",
        },
        {
            content: "The plan at a glance",
            trigger: ".o_notebook a[name=plan]",
            run: "click",
        },
        {
            content: "Their words, as words",
            trigger: ".tab-pane.active:contains(<img src=x):contains(I would like to laugh):not(:has(img))",
        },
    ],
});
