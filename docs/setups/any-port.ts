// The page shows port 3000, which may be taken where the check runs.
process.env.PORT = "0";
