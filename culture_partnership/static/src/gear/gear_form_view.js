import { evaluateBooleanExpr } from "@web/core/py_js/py";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { processButton } from "@web/views/utils";

/**
 * A form that offers only what can be done.
 *
 * The buttons that it declares under `.o_culture_gear` go into its gear menu, each
 * under its own condition: the host binds server actions there whatever the record's
 * state. A record that its reader may not change opens for reading, instead of
 * refusing once everything is typed: rights here depend on the record. And a new
 * record that nobody touched is not saved: the host does so when its tab is left or
 * closed, and a look at a contact would open the file of a person.
 */
export class GearFormController extends FormController {
    setup() {
        super.setup();
        this.mayWrite = true;
        const nodes = this.archInfo.xmlDoc.querySelectorAll(".o_culture_gear > button");
        this.gearButtons = [...nodes].map((node) => processButton(node));
    }

    get modelParams() {
        const params = super.modelParams;
        params.hooks.onRootLoaded = this.onRootLoaded.bind(this);
        return params;
    }

    async onRootLoaded(root) {
        if (!this.canEdit || this.props.readonly) {
            return;
        }
        const args = [[root.resId], "write"];
        this.mayWrite = root.isNew || (await this.orm.call(root.resModel, "has_access", args));
        root.switchMode(this.mayWrite ? "edit" : "readonly");
    }

    get isUntouched() {
        return this.model.root.isNew && !this.model.root.dirty;
    }

    beforeVisibilityChange() {
        return this.isUntouched ? undefined : super.beforeVisibilityChange();
    }

    async beforeUnload(ev) {
        return this.isUntouched ? undefined : super.beforeUnload(ev);
    }

    getStaticActionMenuItems() {
        const items = super.getStaticActionMenuItems();
        const mayDelete = items.delete.isAvailable;
        items.delete.isAvailable = () => mayDelete() && this.isDraft;
        this.gearButtons.forEach((button, index) => {
            items[`culture_${button.clickParams.name}`] = {
                isAvailable: () => this.isGearButtonAvailable(button),
                sequence: index,
                icon: `fa ${button.icon}`,
                description: button.string,
                callback: () => this.onGearButton(button),
            };
        });
        return items;
    }

    /** What has a state is deleted as a draft only, then ended or cancelled. */
    get isDraft() {
        const { state = "draft" } = this.model.root.data;
        return this.mayWrite && state === "draft";
    }

    /** Some acts are of who reads the record, and change something of their own. */
    isGearButtonAvailable({ className, invisible }) {
        const record = this.model.root;
        return (
            (this.mayWrite || className.includes("o_culture_for_readers")) &&
            !record.isNew &&
            !evaluateBooleanExpr(invisible, record.evalContextWithVirtualIds)
        );
    }

    async onGearButton(button) {
        const record = this.model.root;
        await this.env.onClickViewButton({
            clickParams: button.clickParams,
            getResParams: () => ({
                context: record.context,
                evalContext: record.evalContext,
                resModel: record.resModel,
                resId: record.resId,
                resIds: record.resIds,
            }),
        });
    }
}

registry.category("views").add("culture_gear_form", {
    ...formView,
    Controller: GearFormController,
});
