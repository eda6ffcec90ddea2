import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { BinaryField, binaryField } from "@web/views/fields/binary/binary_field";

/**
 * The host's file field, which looks at the file as soon as it is chosen: to choose
 * it says enough, nobody should have to press a button for that.
 */
export class ImportFileField extends BinaryField {
    setup() {
        super.setup();
        this.action = useService("action");
    }

    async update(file) {
        await super.update(file);
        const { record } = this.props;
        if (!file.data || !(await record.save())) {
            return;
        }
        await this.action.doActionButton({
            type: "object",
            name: "action_check",
            resModel: record.resModel,
            resId: record.resId,
            resIds: [record.resId],
            context: record.context,
            onClose: () => record.load(),
        });
    }
}

registry.category("fields").add("culture_import_file", {
    ...binaryField,
    component: ImportFileField,
});
