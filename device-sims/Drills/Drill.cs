namespace EdgeHub.DeviceSims.Drills;

/// <summary>One thing that goes wrong, on real processes.</summary>
/// <param name="Name">Of the command line.</param>
/// <param name="Title">What goes wrong, for a person.</param>
/// <param name="Needs">Programs it wants, of <see cref="Tools"/>.</param>
/// <param name="InSmoke">Whether it is in the short set.</param>
/// <param name="RunAsync">Sets the stand up, breaks it and mends it; the stand then drains and judges.</param>
sealed record Drill(string Name, string Title, IReadOnlyList<string> Needs, bool InSmoke, Func<Stand, Task> RunAsync);
