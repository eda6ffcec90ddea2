import { registry } from "@web/core/registry";

/**
 * Choose a file in the host's file field, as a person does in the system's dialog.
 *
 * @param {string} name
 * @param {string[]} lines
 */
function chooseFile(name, lines) {
    return {
        content: `Choose ${name}: it is checked at once`,
        trigger: ".o_field_widget[name=file] .o_select_file_button",
        async run() {
            const input = document.querySelector(".o_field_widget[name=file] input[type=file]");
            const files = new DataTransfer();
            files.items.add(new File([lines.join("\r\n") + "\r\n"], name));
            input.files = files.files;
            input.dispatchEvent(new Event("change", { bubbles: true }));
        },
    };
}

const day = luxon.DateTime.now().plus({ days: 40 });

// The season in three clicks: the button, the file, "Import". A venue that nobody
// knows yet costs one answer for all its dates.
registry.category("web_tour.tours").add("culture_coordinator_imports_programme", {
    steps: () => [
        chooseFile("season.ics", [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "BEGIN:VEVENT",
            "UID:tour-1",
            `DTSTART;TZID=Europe/Paris:${day.toFormat("yyyyMMdd")}T203000`,
            "SUMMARY:Tour play",
            "LOCATION:Tour theatre",
            "X-SEATS:12",
            "END:VEVENT",
            "BEGIN:VEVENT",
            "UID:tour-2",
            `DTSTART;TZID=Europe/Paris:${day.plus({ days: 1 }).toFormat("yyyyMMdd")}T203000`,
            "SUMMARY:Tour concert",
            "LOCATION:Somewhere unknown",
            "X-SEATS:8",
            "END:VEVENT",
            "END:VCALENDAR",
        ]),
        {
            content: "What will be is said, nothing is saved",
            trigger:
                ".o_field_widget[name=summary]:contains('1 outing will be created, 1 is to correct. Nothing is saved yet.')",
        },
        {
            content: "The lines to correct come first",
            trigger: ".o_notebook .nav-link.active:contains(To correct)",
        },
        {
            content: "Importing waits",
            trigger:
                ".o_statusbar_buttons:not(:has(button[name=action_import])):has(button[name=action_set_aside_errors])",
        },
        {
            content: "The remark says what to do",
            trigger:
                "[name=error_line_ids] tr.o_data_row [name=remark]:contains(Unknown venue: Somewhere unknown. Choose a venue or create it.)",
        },
        {
            content: "Choose the venue on the line",
            trigger: "[name=error_line_ids] tr.o_data_row td[name=venue_id]",
            run: "click",
        },
        {
            trigger: "[name=error_line_ids] tr.o_data_row [name=venue_id] input",
            run: "edit Tour theatre",
        },
        {
            trigger: ".ui-autocomplete .dropdown-item:contains(Tour theatre):not(:contains(Create))",
            run: "click",
        },
        {
            content: "Check again",
            trigger: ".o_statusbar_buttons button[name=action_check]",
            run: "click",
        },
        {
            content: "Nothing is left to correct",
            trigger:
                ".o_field_widget[name=summary]:contains('2 outings will be created. Nothing is saved yet.')",
        },
        {
            content: "Import",
            trigger: ".o_statusbar_buttons button[name=action_import]",
            run: "click",
        },
        {
            content: "It is done",
            trigger: ".o_field_widget[name=outcome]:contains(2 outings created.)",
        },
        {
            content: "See them",
            trigger: ".o_statusbar_buttons button[name=action_open_created]",
            run: "click",
        },
        {
            trigger: ".o_kanban_renderer:contains(Tour play):contains(Tour concert)",
        },
    ],
});

// A list of people: a family that shares a phone is a choice, a wrong date is set
// aside, the rest is imported.
registry.category("web_tour.tours").add("culture_coordinator_imports_people", {
    steps: () => [
        chooseFile("people.csv", [
            "Nom;Prénom;Date de naissance;Téléphone;NIR",
            "Import;Ada;12/03/1980;;1800313",
            "Import;Blaise;31/02/1980;;",
            "Import;Chen;;06 12 34 56 78;",
        ]),
        {
            content: "What will be is said",
            trigger:
                ".o_field_widget[name=summary]:contains('1 file will be created, 1 looks like an existing file, 1 is to correct.')",
        },
        {
            content: "What has no place here is not kept",
            trigger: ".o_field_widget[name=notice]:contains(NIR)",
        },
        {
            content: "A line that is wrong is said with the way out",
            trigger:
                "[name=error_line_ids] tr.o_data_row [name=remark]:contains('Unreadable date of birth: 31/02/1980. Write day/month/year.')",
        },
        {
            content: "Set it aside",
            trigger: ".o_statusbar_buttons button[name=action_set_aside_errors]",
            run: "click",
        },
        {
            content: "Then the lines to choose come first",
            trigger:
                ".o_notebook:has(.nav-link.active:contains(To choose)) [name=choice_line_ids] tr.o_data_row [name=remark]:contains(Same phone as an existing file)",
        },
        {
            content: "It is another member of the family",
            trigger: "[name=choice_line_ids] tr.o_data_row td[name=choice]",
            run: "click",
        },
        {
            trigger: "[name=choice_line_ids] tr.o_data_row [name=choice] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(Create)",
            run: "click",
        },
        {
            content: "Import",
            trigger: ".o_statusbar_buttons button[name=action_import]",
            run: "click",
        },
        {
            content: "It is done",
            trigger: ".o_field_widget[name=outcome]:contains(2 files created.)",
        },
        {
            content: "All lines say what became of them",
            trigger:
                "[name=line_ids]:has(tr.o_data_row:contains(Blaise):contains(Set aside)) tr.o_data_row:contains(Ada):contains(Created)",
        },
    ],
});
