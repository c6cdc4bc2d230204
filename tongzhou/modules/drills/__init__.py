"""演练 Drills: what is practised before it happens, how long it took, what went wrong, and whether that was put right.

drill     演练     a scenario played at a place, against a plan; led by one person, evaluated by others
inject    注入     what is announced at minute T+n and to whom, with the reaction expected; the script is their list
target    时限指标  minutes allowed from one event to another; measured while the drill runs
finding   问题     with an owner and a deadline: rectified, re-checked by another person, closed or sent back
series    系列     the same drill repeated, so that its minutes can be compared over time

The command post takes a scenario from the library, changes what is different here, names who takes part, and schedules it.
On the day the controller sends the injects from a tablet, and evaluators tap when they see the reaction; the server keeps the time.
Evaluators write what they saw and file findings; an owner rectifies from a phone; somebody else goes and looks. When no finding
is open the drill is closed, and after some months it is run again and held against the time before.

A drill told of in a report, or held elsewhere, has a source: it is on record as held, without script and without times.
"""
