"""应查尽查 应检尽检 应管尽管 Coverage: whoever must be checked, tested or looked after is, once, and nobody is phoned ten times.

roll         名单      people who must be covered for one purpose, from an office's Excel file or from another room; it expires
subject      对象      one person, whichever lists they stand on: recognised by a blind index, everything about them sealed
listing      应办      one subject on one list, or put there by a declaration: what is due when, by the schedule of a group
declaration  申报      travel history and health, by a member for themselves and family; the rule in force says what follows
evidence     办理记录  a declaration, a test, a contact, a visit: append-only; every status is computed from it, none is typed
excuse       理由      exempt, elsewhere or ill, until a day; a second person accepts what matters
release      导出申请  clear personal data leave only with a second approver, once, and logged

One piece of evidence counts for every list the person stands on; each list that needed it and was spared is a contact saved. What is
overdue today is one indexed column (`Listing.next_due`), derived whenever evidence comes in; `rules.next_due` derives it for any past day.
Members declare on a telephone; list workers tap once for each person; the command post sees who is overdue by unit and street.
"""
