using System.Buffers.Binary;
using EdgeHub.DeviceSims.Chance;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>
/// The kin of the PMS5003 with frames of another length: PMS3003 (24 bytes: six masses and three words kept free) and PMS5003ST
/// (40 bytes: twelve words as the PMS5003's, formaldehyde in ug/m3, temperature and humidity in tenths, one free, version and error).
/// They send by themselves. Source: PMS3003 data manual; PMS5003ST data manual V2.0, appendix I.
/// </summary>
public sealed class PlantowerKin : DeviceDouble
{
    readonly List<Signal> words = [];
    readonly int freeWords;
    readonly bool hasStatus;
    readonly TimeSpan pace;

    PlantowerKin(string sensorId, string model, ulong seed, TimeSpan? pace, int freeWords, bool hasStatus)
        : base(sensorId, model, seed)
    {
        (this.freeWords, this.hasStatus, this.pace) = (freeWords, hasStatus, pace ?? TimeSpan.FromSeconds(0.8));
        foreach (var name in new[] { "pm1_0_cf1", "pm2_5_cf1", "pm10_cf1", "pm1_0", "pm2_5", "pm10" })
            words.Add(Add(new Quantity(name, "ug/m3"), ValueRange.Unsigned16(5, 400)));
    }

    public override TimeSpan? Pace => pace;

    public static PlantowerKin Pms3003(string sensorId, ulong seed, TimeSpan? pace = null) => new(sensorId, "pms3003", seed, pace, freeWords: 3, hasStatus: false);

    public static PlantowerKin Pms5003St(string sensorId, ulong seed, TimeSpan? pace = null)
    {
        var kin = new PlantowerKin(sensorId, "pms5003st", seed, pace, freeWords: 1, hasStatus: true);
        foreach (var name in new[] { "n0_3", "n0_5", "n1_0", "n2_5", "n5_0", "n10" })
            kin.words.Add(kin.Add(new Quantity(name, "/(100.mL)"), ValueRange.Unsigned16(50, 9000)));
        kin.words.Add(kin.Add(new Quantity("ch2o", "mg/m3"), new ValueRange(0, 5, 200, 2000), stepsPerUnit: 1000));
        kin.words.Add(kin.Add(new Quantity("temperature", "Cel"), new ValueRange(-200, -100, 350, 990), stepsPerUnit: 10));
        kin.words.Add(kin.Add(new Quantity("humidity", "%"), new ValueRange(0, 200, 900, 990), stepsPerUnit: 10));
        return kin;
    }

    public override Emission? Speak()
    {
        Sample[] samples = [.. words.Select(word => word.Next())];
        List<ushort> data = [.. samples.Select(sample => (ushort)(short)sample.Raw), .. new ushort[freeWords]];
        if (hasStatus)
            data.Add(0x9100);
        var frame = new byte[4 + (data.Count * 2) + 2];
        (frame[0], frame[1], frame[3]) = (0x42, 0x4D, (byte)(frame.Length - 4));
        for (var i = 0; i < data.Count; i++)
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(4 + (i * 2)), data[i]);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(frame.Length - 2), (ushort)frame.Sum(part => part));
        return new Emission(frame, [.. samples.Select(sample => sample.Sent)]);
    }
}
