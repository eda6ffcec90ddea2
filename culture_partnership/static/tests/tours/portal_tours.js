/** Pages of the portal are plain forms: each step that sends one unloads the page. */
import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("culture_relay_records_attendance", {
    steps: () => [
        {
            content: "the next outing is the first thing",
            trigger: ".o_culture_portal_next h2:contains(Tour concert)",
        },
        {
            content: "who comes",
            trigger: ".o_culture_portal_next a:contains(Who comes)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "one person came",
            trigger: "#n1 form:has([value=attended]) button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "it is said, and on the line",
            trigger: ".o_culture_portal_done:contains(Recorded)",
        },
        {
            content: "another one is noted by mistake",
            trigger: "#n2:contains(No. 2) form:has([value=absent]) button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "and taken back",
            trigger: "#n2 form:has([value=confirmed]) button:contains(Undo)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "a word on how it went",
            trigger: ".o_culture_portal_done:contains(Taken back)",
        },
        {
            trigger: "#culture_text",
            run: "edit A fine evening.",
        },
        {
            trigger: "#word button:contains(Send)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_culture_portal_done:contains(Your word is sent)",
        },
    ],
});

registry.category("web_tour.tours").add("culture_partner_proposes", {
    steps: () => [
        {
            content: "nothing yet: the page says what to do",
            trigger: "a:contains(Propose an outing)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#culture_name",
            run: "edit Tour recital",
        },
        {
            trigger: "#culture_venue",
            run: "edit The barn, 1 lane",
        },
        {
            trigger: "#culture_seats",
            run: "edit 1000000000",
        },
        {
            content: "the page is left: what was typed waits in this tab",
            trigger: "#culture_seats:value(1000000000)",
            run() {
                location.reload();
            },
            expectUnloadPage: true,
        },
        {
            trigger: "#culture_venue:value(The barn, 1 lane)",
        },
        {
            content: "sent too early",
            trigger: "button:contains(Send the proposal)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "what was typed is kept, the errors lead to their fields",
            trigger: ".o_culture_portal_error[role=alert] a[href='#culture_day']",
        },
        {
            trigger: "#culture_name:value(Tour recital)",
        },
        {
            trigger: "#culture_day",
            run() {
                const day = new Date(Date.now() + 30 * 24 * 3600 * 1000);
                this.anchor.value = day.toISOString().slice(0, 10);
            },
        },
        {
            trigger: "#culture_hour",
            run() {
                this.anchor.value = "20:30";
            },
        },
        {
            trigger: "#culture_seats",
            run: "edit 12",
        },
        {
            trigger: "button:contains(Send the proposal)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "it says where it is",
            trigger: ".o_culture_portal_done:contains(Your proposal is sent)",
        },
        {
            trigger: ".o_culture_portal_badge:contains(Sent, waiting for publication)",
        },
        {
            content: "once sent, nothing is kept",
            trigger: "a:contains(Change the proposal)",
            run() {
                const kept = Object.keys(sessionStorage).filter((key) =>
                    key.startsWith("culture_partnership.kept.")
                );
                if (kept.length) {
                    throw new Error(`still kept: ${kept}`);
                }
            },
        },
    ],
});
