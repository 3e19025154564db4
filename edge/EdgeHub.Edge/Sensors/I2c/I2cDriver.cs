namespace EdgeHub.Edge.Sensors.I2c;

/// <summary>What all drivers on I2C have in common.</summary>
static class I2cDriver
{
    /// <summary>A driver of a part that has nothing to configure.</summary>
    public static Driver Of(string word, string summary, IReadOnlyList<DriverModel> models, IReadOnlyList<SensorQuantity> streams, Func<I2cPart> part, TimeSpan warmUp = default, double intervalSeconds = 1) => new()
    {
        Word = word,
        Summary = summary,
        Models = models,
        Ports = PortKinds.I2c,
        Sharing = LineSharing.I2c,
        Quantities = streams,
        WarmUp = warmUp,
        Interval = TimeSpan.FromSeconds(intervalSeconds),
        Read = (_, _) => new I2cSettings(streams, models[0].ToString(), part),
        Loop = I2cSensor.Over,
    };
}
