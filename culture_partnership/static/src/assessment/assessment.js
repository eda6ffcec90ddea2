import {
    Component,
    markRaw,
    onWillStart,
    onWillUnmount,
    onWillUpdateProps,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { FILE_LOADED } from "@culture_partnership/timeline/timeline";

const HIGHEST = 5;
const INK = "#374151";
const GRID = "#D1D5DB";
// Lines that say the same lie beside each other, not one under the other.
const APART = 0.08;
// Told apart without colour too: full or dashed, each with a mark of its own.
const STROKES = [
    { borderColor: "#1B4B72", borderDash: [], pointStyle: "circle" },
    { borderColor: "#8A4B00", borderDash: [6, 4], pointStyle: "rect" },
    { borderColor: "#1B5E20", borderDash: [], pointStyle: "triangle" },
    { borderColor: "#6B21A8", borderDash: [6, 4], pointStyle: "rectRot" },
];

function dataset(label, answers, stroke, shift = 0) {
    return {
        ...stroke,
        label,
        data: answers.map((answer) => answer.place && answer.place + shift),
        words: answers.map((answer) => answer.words),
        backgroundColor: stroke.borderColor,
        fill: false,
        borderWidth: 2,
        pointRadius: 5,
        spanGaps: false,
    };
}

function scaleOfSentences(more) {
    return { min: 0, max: HIGHEST, ticks: { display: false, stepSize: 1 }, grid: { color: GRID }, ...more };
}

function options(scales) {
    return {
        animation: false,
        maintainAspectRatio: false,
        scales,
        plugins: {
            legend: { position: "bottom", labels: { color: INK, usePointStyle: true, boxWidth: 8, boxHeight: 8, padding: 12 } },
            // the sentence, not the figure
            tooltip: { callbacks: { label: ({ dataset, dataIndex }) => ` ${dataset.words[dataIndex]}` } },
        },
    };
}

/** Today against the entry, of one point of view. */
export function radarOf(view) {
    const column = (position) => view.questions.map((question) => question.answers[position]);
    const datasets = [];
    if (view.last !== view.entry) {
        datasets.push(dataset(_t("Today"), column(view.last), STROKES[0]));
    }
    if (view.entry !== null) {
        datasets.push(dataset(_t("At entry"), column(view.entry), STROKES[1]));
    }
    const r = scaleOfSentences({ angleLines: { color: GRID }, pointLabels: { color: INK, font: { size: 12 } } });
    return {
        type: "radar",
        data: { labels: view.questions.map((question) => question.label), datasets },
        options: options({ r }),
    };
}

/** The same questions over time. */
export function lineOf(view) {
    return {
        type: "line",
        data: {
            labels: view.columns.map((column) => column.day),
            datasets: view.questions.map((question, position) =>
                dataset(question.label, question.answers, STROKES[position], (1.5 - position) * APART)
            ),
        },
        options: options({
            x: { ticks: { color: INK }, grid: { display: false }, offset: true },
            y: scaleOfSentences({}),
        }),
    };
}

/** A drawing; what it draws stands in the table below it. */
export class AssessmentChart extends Component {
    static template = "culture_partnership.AssessmentChart";
    static props = { config: Object, label: String, name: String };

    setup() {
        this.canvas = useRef("canvas");
        useEffect(
            (config) => {
                this.chart = new Chart(this.canvas.el, config);
                return () => this.chart.destroy();
            },
            () => [this.props.config]
        );
    }
}

/** Where the person is: each point of view apart, never added up. */
export class Assessments extends Component {
    static template = "culture_partnership.Assessments";
    static components = { AssessmentChart };
    static props = standardWidgetProps;

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ views: [] });
        useBus(this.props.record.model.bus, FILE_LOADED, ({ detail }) => this.load(detail.resId));
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps(({ record }) => {
            if (record.resId !== this.resId) {
                return this.load(record.resId);
            }
        });
        onWillUnmount(() => (this.resId = false));
    }

    async load(resId) {
        this.resId = resId;
        if (!resId) {
            this.state.views = [];
            return;
        }
        const views = await this.orm.call("culture.beneficiary", "read_assessments", [[resId]]);
        if (views.some((view) => view.columns.length)) {
            await loadBundle("web.chartjs_lib");
        }
        if (resId === this.resId) {
            this.state.views = views.map((view) => ({
                ...view,
                radar: view.columns.length ? markRaw(radarOf(view)) : null,
                line: view.columns.length > 1 ? markRaw(lineOf(view)) : null,
            }));
        }
    }

    get empty() {
        return !this.state.views.some((view) => view.columns.length);
    }

    radarLabel(view) {
        return _t("%s, today and at entry. The same in the table below.", view.label);
    }

    lineLabel(view) {
        return _t("%s, over time. The same in the table below.", view.label);
    }

    async correct(column) {
        // what is typed in the file is kept, as for the host's own buttons
        if (!(await this.props.record.save())) {
            return;
        }
        const action = await this.orm.call("culture.assessment", "action_correct", [[column.id]]);
        await this.action.doAction(action, { onClose: () => this.load(this.resId) });
    }
}

registry.category("view_widgets").add("culture_assessments", { component: Assessments });
