namespace EdgeHub.Hosting.Settings;

/// <summary>One thing that is wrong with a configuration: where it stands, what was found, why it cannot be used, and what to write instead.</summary>
public sealed record SettingsError(string Key, string? Value, string Reason, string Fix)
{
    public override string ToString() =>
        Value is null ? $"{Key}: {Reason} {Fix}" : $"{Key} = {Value}: {Reason} {Fix}";
}
