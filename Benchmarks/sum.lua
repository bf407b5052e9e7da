-- The same loop for Lua.
local i, s = 0, 0
while i < 100000000 do s = s + i; i = i + 1 end
assert(s == 4999999950000000)
