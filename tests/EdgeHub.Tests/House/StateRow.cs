namespace EdgeHub.Tests.House;

/// <summary>One row of the tables of states: which state of which part, and where it is told.</summary>
sealed record StateRow(string Part, string State, string Logged, string Measured, string Published, string Shown);
