import { registry } from "@web/core/registry";
import { GearFormController } from "@culture_partnership/gear/gear_form_view";
import { FormRenderer } from "@web/views/form/form_renderer";
import { StatusBarButtons } from "@web/views/form/status_bar_buttons/status_bar_buttons";
import { formView } from "@web/views/form/form_view";
import { FILE_LOADED } from "@culture_partnership/timeline/timeline";
import { onMounted, useRef } from "@odoo/owl";

/** The file of a person: that it was opened is logged, by a call of its own. */
export class FileFormController extends GearFormController {
    async onRootLoaded(root) {
        await super.onRootLoaded(root);
        if (root.resId && root.resId !== this.loggedId) {
            this.loggedId = root.resId;
            await this.orm.silent.call(root.resModel, "log_opening", [[root.resId]]);
        }
        this.model.bus.trigger(FILE_LOADED, { resId: root.resId });
    }
}

/** All of them on a phone too: what is done most is not behind a menu. */
class AllStatusBarButtons extends StatusBarButtons {
    static template = "culture_partnership.AllStatusBarButtons";
}

/** On a phone what is filled once is folded, below what is done every day. */
class FileFormRenderer extends FormRenderer {
    static components = { ...FormRenderer.components, StatusBarButtons: AllStatusBarButtons };

    setup() {
        super.setup();
        const root = useRef("compiled_view_root");
        onMounted(() => {
            if (this.env.isSmall && !this.props.record.isNew) {
                for (const zone of root.el.querySelectorAll("details.o_culture_zones")) {
                    zone.open = false;
                }
            }
        });
    }
}

registry.category("views").add("culture_file_form", {
    ...formView,
    Controller: FileFormController,
    Renderer: FileFormRenderer,
});
