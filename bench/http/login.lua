-- A user of its own for every log-in: who signs in ten thousand times is measured by scale/run.ts.
local count = 0
local headers = { ["Content-Type"] = "application/json" }
function request()
  count = count + 1
  return wrk.format("POST", nil, headers, '{"email":"user-' .. count .. '@example.com"}')
end
