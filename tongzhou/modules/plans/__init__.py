"""方案预案 Plans: what is to be done and what would be done, written down, agreed, approved, and set in motion at a level.

plan          方案预案  a work plan 工作方案 or a contingency plan 应急预案; each new edition is a record of its own that names the one it replaces
section       章节      a heading with its paragraphs; the whole text is pasted and edited as one text, headings are found by their marks
level         响应级别  Ⅰ is the gravest; a trigger in words, and if wanted a threshold that an observed figure is held against
post          岗位      who holds it, who stands in, whom it calls: the posts form the call tree 呼叫树; telephone numbers are sealed
resource      资源      goods, teams and places that the plan counts on
planned task  规定任务  what a level orders to be done at once, by which unit, within how many hours
opinion       意见      what one unit or person who was consulted says: agree, agree with remarks, object
activation    启动记录  one level in force from a moment to a moment; raised or lowered is a new one
task          任务      what an activation ordered: to do, handed over to the room that does such things, done, closed

The duty officer or the office drafts and consults; a leader who has not written in it approves; the duty officer activates at a level,
and every task lands on the page of whoever owns it, with its hour. A level is never set by a figure alone: the threshold is shown, a
person decides and says on what ground.
"""
