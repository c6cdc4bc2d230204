"""值守 Rosters: who is on duty where and when, planned fairly, kept to, and counted.

post        岗位   a place that must be manned: command post, checkpoint, sampling point, leader on duty; its pattern of shifts
crew        值守人员 one person in the pool of a unit, with skills, and with wishes that they give themselves
roster      排班   a period, posts, and the people of a unit; laid out into shifts, proposed by the solver, mended by hand, published
shift       班次   one post at one time, with the places it has; at a checkpoint also what was counted there, never who
duty        值班   one person on one shift: planned, signed in at the door, signed out; or missed, excused, taken away
swap        换班   asked by one, agreed to by the other, approved where the rules ask for it; refused when it would break a rule of rest
proposal    编排方案 what the solver found, with its bound; the head adopts it or lets it go

The commander plans for the command post, a chief for their points, the office for the organisation. Whoever stands duty needs no role:
they see their own duties and the published table, give wishes, ask for swaps, sign in with the code on show at the door.
"""
