"""建言 Proposals: what members bring before those who decide, and what becomes of it.

item        建言     an opinion item (社情民意信息: one matter, at most so many characters) or a proposal (提案: subject, grounds, suggestions)
version     稿次     the text as it left somebody's hands; between two of them every changed word can be seen
submission  报送     one item at one channel: received, adopted (alone or merged), forwarded, noted by a leader, answered, not adopted
outcome     结果     one thing that a channel made of a submission; points come from these
case        提案办理  one proposal before a consultative conference: admitted, assigned, answered, rated by its author, handled again

A member writes on a telephone; the text is kept there until the server has it. The branch reviews, the office edits with every
change shown, a leader who neither wrote nor edited it signs, the office submits and puts down what each channel made of it. The
author sees all of it, and the points. What is confidential exists for its authors and for those trusted with it, for nobody else.
"""
