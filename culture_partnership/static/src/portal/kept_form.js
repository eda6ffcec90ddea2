import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const PREFIX = "culture_partnership.kept.";

/**
 * What is typed stays in this tab until it is sent: a session that ends meanwhile, or a
 * page left by mistake, loses nothing. `data-culture-keep` says whose it is.
 */
export class KeptForm extends Interaction {
    static selector = "form[data-culture-keep]";
    dynamicContent = { _root: { "t-on-input": this.keep } };

    setup() {
        const path = new URL(this.el.action).pathname;
        this.key = `${PREFIX}${this.el.dataset.cultureKeep}${path}`;
    }

    start() {
        // after a refusal the server gives back what it was sent
        if (document.querySelector(".o_culture_portal_error")) {
            this.keep();
            return;
        }
        const kept = JSON.parse(sessionStorage.getItem(this.key) || "{}");
        for (const field of this.fields()) {
            if (field.name in kept) {
                field.value = kept[field.name];
            }
        }
    }

    keep() {
        const values = this.fields().map((field) => [field.name, field.value]);
        sessionStorage.setItem(this.key, JSON.stringify(Object.fromEntries(values)));
    }

    fields() {
        return [...this.el.elements].filter((el) => el.name && el.type !== "hidden");
    }
}

/** It was sent: nothing to keep. */
export class SentForm extends Interaction {
    static selector = ".o_culture_portal_done";

    start() {
        for (const key of Object.keys(sessionStorage)) {
            if (key.startsWith(PREFIX)) {
                sessionStorage.removeItem(key);
            }
        }
    }
}

registry.category("public.interactions").add("culture_partnership.kept_form", KeptForm);
registry.category("public.interactions").add("culture_partnership.sent_form", SentForm);
