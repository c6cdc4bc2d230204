"""A campaign played against a running server, so that a district can rehearse its morning with its own numbers.

    town        who comes, when, and what goes wrong with them: drawn from a seed, nothing else
    telephone   a device at a table: it records, keeps, and sends over a bad network until it is believed
    morning     tables, boxes, couriers and a laboratory at work; everything over HTTP, as in docs/station-protocol.md
    stage       the campaign, its points and devices, made through the house's own doors
    telling     the report: what was lost (nothing), what conflicted and why

It speaks the protocol and shares no code with the station or the server: what both misread would otherwise not show.
"""
