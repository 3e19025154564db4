using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Sensors.I2c;

/// <summary>What all drivers on I2C have in common.</summary>
static class I2cDriver
{
    /// <summary>A driver of a part that has nothing to configure.</summary>
    public static Driver Of(string word, string summary, IReadOnlyList<DriverModel> models, IReadOnlyList<SensorQuantity> streams, Func<I2cPart> part, TimeSpan warmUp = default, double intervalSeconds = 1) =>
        Of(word, summary, models, streams, [], _ => part, warmUp, intervalSeconds);

    /// <summary>A driver of a part that says which one it is.</summary>
    /// <param name="part">Makes the part's code for one that must have this fingerprint, or any where it is empty.</param>
    public static Driver WithFingerprint(string word, string summary, IReadOnlyList<DriverModel> models, IReadOnlyList<SensorQuantity> streams, Func<string, I2cPart> part, TimeSpan warmUp = default, double intervalSeconds = 1) =>
        Of(word, summary, models, streams, [Fingerprint.Of("its serial number")], section => Made(part, Fingerprint.Read(section)), warmUp, intervalSeconds);

    static Func<I2cPart> Made(Func<string, I2cPart> part, string fingerprint) => () => part(fingerprint);

    static Driver Of(string word, string summary, IReadOnlyList<DriverModel> models, IReadOnlyList<SensorQuantity> streams, IReadOnlyList<DriverKey> keys, Func<SettingsSection, Func<I2cPart>> part, TimeSpan warmUp, double intervalSeconds) => new()
    {
        Word = word,
        Summary = summary,
        Models = models,
        Ports = PortKinds.I2c,
        Sharing = LineSharing.I2c,
        Keys = keys,
        Quantities = streams,
        WarmUp = warmUp,
        Interval = TimeSpan.FromSeconds(intervalSeconds),
        Read = (section, _) => new I2cSettings(streams, models[0].ToString(), part(section)),
        Loop = I2cSensor.Over,
    };
}
