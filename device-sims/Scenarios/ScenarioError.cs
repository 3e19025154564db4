namespace EdgeHub.DeviceSims.Scenarios;

/// <summary>One thing that is wrong with a scenario: the line it stands on, the key, why, and what to write instead.</summary>
public sealed record ScenarioError(string File, long Line, string Key, string Reason)
{
    public override string ToString() => $"{File}:{Line}: {(Key.Length == 0 ? "" : Key + ": ")}{Reason}";
}
