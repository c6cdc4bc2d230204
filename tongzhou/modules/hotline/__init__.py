"""心理援助热线: someone in distress talks with a counsellor, by text, by telephone or face to face; what is said stays between them.

Words: line 热线, caller 来访者, counsellor 心理援助员, supervisor 心理督导, seat 席位 (a counsellor who is there now), case 个案 (one contact
from first word to closing note), box 钥匙匣 (a case's key sealed to one person), step 处置步骤, follow-up 回访, opening 破封查阅 (a case read by two
supervisors who must both agree), return 周汇总 (the counts of a week, none below five).

Cases lie in a database of their own and their words are sealed in the browser: `docs/decisions/0014-what-the-hotline-keeps.md`.
The caller comes without signing in; counsellors sit, talk, assess and close; supervisors are called to a crisis and read what is shared
with them; the office opens the line; the command post sees counts.
"""
