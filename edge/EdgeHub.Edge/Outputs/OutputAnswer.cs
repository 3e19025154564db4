namespace EdgeHub.Edge.Outputs;

/// <summary>What became of a command.</summary>
/// <param name="BackAfterSeconds">When it goes back to its safe state; null where it stays.</param>
/// <param name="Sentence">The same for a person.</param>
sealed record OutputAnswer(string Output, bool On, double? BackAfterSeconds, string Sentence);
