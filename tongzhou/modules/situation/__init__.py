"""研判 Situation: how the outbreak stands, what is closed because of it, what must be reported when, and what was judged.

day count   日报数   what one area counted on one day: confirmed, asymptomatic, and where they were found; corrected by entries
zone        风险区   a place closed under the rule set in force on its opening day; a countdown that each new infection resets
turn        变化     one change of a zone: opened, infection, stepped down, lifted; what the timeline is drawn from
event       报告     an incident on the reporting clock: steps with their hours, each ticked off by whom and when
assessment  研判报告 a period and an area told in prose whose figures open their records; frozen when a leader signs it

The commander on duty brings in counts (Excel or form), opens zones, keeps the clock and drafts the assessment; another person
lifts a zone, a leader alone may lift it early, and a leader who did not draft it signs the assessment. Whoever reads sees the curve,
the reproduction number with its band, a short projection, and beside them what these figures cannot say.
"""
