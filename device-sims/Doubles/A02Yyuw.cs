using EdgeHub.DeviceSims.Chance;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>An A02YYUW ultrasonic ranger (DFRobot SEN0311): some times a second <c>FF high low sum</c>, millimetres; FFFD where no echo came.</summary>
public sealed class A02Yyuw : DeviceDouble
{
    readonly Signal distance;
    readonly TimeSpan pace;

    public A02Yyuw(string sensorId, ulong seed, TimeSpan? pace = null)
        : base(sensorId, "a02yyuw", seed)
    {
        this.pace = pace ?? TimeSpan.FromMilliseconds(200);
        distance = Add(new Quantity("distance", "mm"), new ValueRange(30, 500, 2500, 4500), noData: 0xFFFD);
    }

    public override TimeSpan? Pace => pace;

    public override Emission? Speak()
    {
        var sample = distance.Next();
        byte high = (byte)(sample.Raw >> 8), low = (byte)sample.Raw;
        return new Emission(new byte[] { 0xFF, high, low, (byte)(0xFF + high + low) }, [sample.Sent]);
    }
}
