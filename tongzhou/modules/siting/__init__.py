"""布点 Siting: where sampling points stand, who goes to which and when, who works there, and how good that provably is.

study     布点测算   one area on one day: residents by building or community, candidate sites, staff, laboratories, vans, rules
table     基础表     one of these lists, as it came from a spreadsheet; people known only as a total are spread and marked as assumed
option    方案       one answer to the study: worked out in the background, with value, bound, gap, reason for stopping, seed and the
                     hash of its inputs; or an option in which some points close, with those who move and nobody else
outcome   方案内容   the plan itself, from which it comes back number for number, and what pages and papers show of it

The numbers come from `tongzhou.planning`, which is loaded only where something is worked out or checked. The command post feeds and
decides; adopting an option hands its points to the campaign and its places to the roster (kernel.handoff), and keeps the plan.
No resident is named here: a building has a number of people, a worker a number of the list.
"""
