import { browser } from "@web/core/browser/browser";
import { extractFieldsFromArchInfo } from "@web/model/relational_model/utils";
import { ListController } from "@web/views/list/list_controller";
import { ListRenderer } from "@web/views/list/list_renderer";

/**
 * A list that asks the server for the columns that are shown. The host asks for the
 * hidden ones too: each link among them is a name to look up for every line.
 */

function everyField(archInfo, fields) {
    return extractFieldsFromArchInfo(archInfo, fields).activeFields;
}

/** The host's own key, under which the browser remembers the columns ticked. */
function storageKey(archInfo, fields, resModel, viewId) {
    const names = Object.keys(everyField(archInfo, fields)).sort();
    return ["optional_fields", resModel, "list", viewId, ...names].join(",");
}

function shownFields(archInfo, fields, key) {
    const ticked = browser.localStorage.getItem(key)?.split(",");
    const isHidden = ({ name, optional }) =>
        optional && (ticked ? !ticked.includes(name) : optional !== "show");
    const columns = archInfo.columns.filter(({ type }) => type === "field");
    const shown = new Set(columns.filter((column) => !isHidden(column)).map(({ name }) => name));
    const nodes = Object.entries(archInfo.fieldNodes).filter(([, { name }]) => shown.has(name));
    return everyField({ ...archInfo, fieldNodes: Object.fromEntries(nodes) }, fields);
}

export class LeanListController extends ListController {
    get modelParams() {
        const params = super.modelParams;
        const { archInfo, fields, resModel } = this.props;
        const key = storageKey(archInfo, fields, resModel, this.env.config.viewId);
        const activeFields = shownFields(archInfo, fields, key);
        return { ...params, config: { ...params.config, activeFields } };
    }
}

export class LeanListRenderer extends ListRenderer {
    createViewKey() {
        const { archInfo, list } = this.props;
        const key = storageKey(archInfo, list.fields, list.resModel, this.env.config.viewId);
        return key.slice("optional_fields,".length);
    }

    /** What is not read yet is not shown yet. */
    getActiveColumns() {
        const { activeFields } = this.props.list;
        return super
            .getActiveColumns()
            .filter(({ type, name }) => type !== "field" || name in activeFields);
    }

    async toggleOptionalField(fieldName) {
        const { archInfo, list } = this.props;
        const { config } = list.model;
        if (!(fieldName in config.activeFields)) {
            config.activeFields[fieldName] = everyField(archInfo, list.fields)[fieldName];
            config.fieldsToAggregate.push(fieldName);
            await list.model.load();
        }
        return super.toggleOptionalField(fieldName);
    }
}
