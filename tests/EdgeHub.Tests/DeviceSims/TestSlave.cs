using EdgeHub.DeviceSims.Doubles;

namespace EdgeHub.Tests.DeviceSims;

/// <summary>A slave with contacts as well as registers, which none of the standard set has.</summary>
internal sealed class TestSlave(byte address) : ModbusSlave($"test{address}", "test", address, 1, [])
{
    private static readonly bool[] Coils = [true, false, true, true, false, false, true, true, true, false];

    protected override byte RegisterFunction => 3;

    protected override ushort FirstRegister => 0;

    protected override ushort LastRegister => 9;

    protected override IReadOnlyList<bool> BitsOf(byte functionCode) => functionCode == 1 ? Coils : functionCode == 2 ? Coils[..2] : [];
}
