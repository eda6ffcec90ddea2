import { registry } from "@web/core/registry";
import { GearFormController } from "@culture_partnership/gear/gear_form_view";
import { formView } from "@web/views/form/form_view";
import { FILE_LOADED } from "@culture_partnership/timeline/timeline";

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

registry.category("views").add("culture_file_form", {
    ...formView,
    Controller: FileFormController,
});
