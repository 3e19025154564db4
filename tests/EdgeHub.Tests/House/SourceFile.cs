namespace EdgeHub.Tests.House;

/// <summary>One file of the repository: its path from the root with forward slashes, and its text.</summary>
sealed record SourceFile(string Path, string Text);
