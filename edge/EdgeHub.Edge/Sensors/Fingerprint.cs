using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Sensors;

/// <summary>
/// The key <c>fingerprint</c> of drivers whose instruments say which one they are: two of a kind that were exchanged, or a plug in the
/// wrong socket, would otherwise record one's values under the other's name.
/// </summary>
static class Fingerprint
{
    public const string Key = "fingerprint";

    /// <param name="shownBy">What it is and where it is seen.</param>
    public static DriverKey Of(string shownBy) => new(Key, "text", "", $"Which instrument must answer: {shownBy}. Another one is refused; what it is called instead is then in its state, so that ? asks for it.");

    public static string Read(SettingsSection section) => SensorReader.Limited(section, Key);

    /// <summary>Why the values of another instrument are not taken, and what to do.</summary>
    public static string Other(string found, string wanted) =>
        $"another instrument answers: {found} instead of {wanted}. Its values are not taken. Put the right one back (perhaps two plugs were exchanged), or, where it was replaced, write the fingerprint {found}.";
}
